"""How the maps are laid out: method, dimensions, frame and what shapes them."""

from typing import Literal

import streamlit as st

from core import config as settings
from core.maps.layout import METRICS, Frame, LayoutMethod, LayoutSettings

LAYOUT_METHODS: dict[LayoutMethod, str] = {"umap": "UMAP", "pca": "PCA", "tsne": "t-SNE"}
_FRAMES: dict[Frame, str] = {"joint": "One frame for both", "aligned": "Each its own, then aligned"}


def ask() -> tuple[LayoutSettings, Frame]:
    """Draw the settings; gives them, and the frame of the two maps."""
    with st.container():
        first = st.columns(3)
        method = first[0].segmented_control(
            "Method",
            list(LAYOUT_METHODS),
            default="umap",
            required=True,
            format_func=LAYOUT_METHODS.__getitem__,
            key="map-method",
            help="UMAP and t-SNE keep neighbourhoods; PCA keeps the directions in which all words differ most, and "
            "takes no time.",
            persist_state="session",
        )
        dimensions: Literal[2, 3] = first[1].segmented_control(
            "Dimensions",
            [2, 3],
            default=2,
            required=True,
            format_func=lambda each: f"{each:d}-D",
            key="map-dimensions",
            persist_state="session",
        )
        frame = first[2].selectbox(
            "Frame",
            list(_FRAMES),
            format_func=_FRAMES.__getitem__,
            key="map-frame",
            help="One frame: both models are laid out together, so places can be compared. Each its own: each model is "
            "laid out alone, then the right map is turned onto the left one as well as a turn can.",
            persist_state="session",
        )
        second, third = st.columns(2), st.columns(3, vertical_alignment="bottom")
        has_neighbours, is_umap = method != "pca", method == "umap"
        neighbours = second[0].slider(
            "n_neighbors",
            int(settings.MAP_NEIGHBOURS.minimum),
            int(settings.MAP_NEIGHBOURS.maximum),
            int(settings.MAP_NEIGHBOURS.default),
            key="map-neighbours",
            help="How many neighbours shape a word's surroundings (t-SNE: the perplexity). Small: local detail; "
            "large: the whole.",
            disabled=not has_neighbours,
            persist_state="session",
        )
        distance = second[1].slider(
            "min_dist",
            *settings.MAP_MIN_DIST,
            key="map-distance",
            help="How close UMAP may put two words.",
            disabled=not is_umap,
            persist_state="session",
        )
        metric = third[0].selectbox(
            "metric",
            METRICS,
            key="map-metric",
            help="What near means. Cosine looks at directions only, as neighbours do.",
            persist_state="session",
        )
        seed = third[1].number_input(
            "seed",
            0,
            int(settings.SEED.maximum),
            int(settings.SEED.default),
            key="map-seed",
            help="Another seed draws another, equally valid map.",
            disabled=not has_neighbours,
            persist_state="session",
        )
        standardise = third[2].checkbox(
            "Standardise dimensions",
            key="map-standardise",
            help="Bring every dimension to mean 0 and standard deviation 1 first, so that no single one dominates.",
            persist_state="session",
        )
    choices = LayoutSettings(
        method=method,
        dimensions=dimensions,
        n_neighbors=neighbours,
        min_dist=distance,
        metric=metric,
        seed=seed,
        standardise=standardise,
    )
    return choices, frame
