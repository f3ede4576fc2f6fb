"""What does the work: this machine's child processes, or the workers of a cluster."""

import pandas as pd
import streamlit as st

from core.prose.numbers import count
from core.system.cluster.address import EXTRA, SCHEDULER_VARIABLE, find_scheduler, is_installed, require_extra
from pages.shared import guards, messages

_LOOK_SECONDS = 5.0
_PATIENCE = 5.0  # seconds, at the first look


def show() -> None:
    """Who trains and lays out, and how to have more machines do it."""
    st.header("What does the work", anchor=False)
    address = find_scheduler()
    if address is None:
        _show_local()
        return
    require_extra()
    _show_cluster(address)


def _show_local() -> None:
    st.markdown("Child processes of this machine: two trainings and two maps at a time.")
    with st.expander("Have more machines do it", icon=":material/lan:"):
        install = "" if is_installed() else f"pip install -r {EXTRA}\n"
        st.markdown("On every machine, with the same version, the same cache folder and the same vectors folder:")
        st.code(
            f"{install}python -m core scheduler --host 0.0.0.0   # on one of them\n"
            f"{SCHEDULER_VARIABLE}=tcp://HOST:8786 python -m core worker   # on each that is to work",
            language="bash",
        )
        st.markdown(
            "Then start the servers with the same `VECTUNE_SCHEDULER`, and with `VECTUNE_DATABASE` where there are "
            "several machines. To try it on this machine: `make cluster`. Whoever reaches the scheduler can run "
            "anything on the workers, so keep its port inside your network."
        )


@guards.fragment(run_every=_LOOK_SECONDS)
def _show_cluster(address: str) -> None:
    from core.system.cluster.connection import connect

    state = connect(address).state(_PATIENCE)
    if state is None or state.problem is not None:
        problem = "It has not answered yet." if state is None else state.problem
        st.markdown(f"A cluster, with its scheduler at {messages.plain(address)}.")
        st.error(messages.plain(problem or ""), icon=":material/lan:")
        return
    workers = state.workers or {}
    st.markdown(
        f"A cluster: {count('worker', len(workers))} of the scheduler at {messages.plain(address)}, which can do "
        f"{state.places['training']:d} trainings and {state.places['maps']:d} maps at a time for this server."
    )
    rows = [
        {
            "Worker": worker,
            "Trainings": int(offer.get("training", 0)),
            "Maps": int(offer.get("maps", 0)),
            "Version": next((label for label in offer if label.startswith("vectune ")), "not Vectune's"),
            "Store": next((label for label in offer if label.startswith("store ")), ""),
        }
        for worker, offer in sorted(workers.items())
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
