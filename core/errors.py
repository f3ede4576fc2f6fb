"""What can be wrong with a user's input. Each message says what is wrong with their value and what to do.

Anything that is not a `UserError` is a bug and must show as one.
"""

import errno


class UserError(Exception):
    """Base of the errors that are shown to the user as they are."""


class CorpusError(UserError):
    """The text cannot become a corpus."""


class PretrainedError(UserError):
    """The file of pretrained vectors cannot be used."""


class TrainingError(UserError):
    """The model cannot be trained with these settings on this text."""


class ProjectionError(UserError):
    """The words cannot be laid out on a map."""


class ComparisonError(UserError):
    """The two embeddings cannot be compared."""


class EvaluationError(UserError):
    """The models cannot be scored on this text."""


class RunError(UserError):
    """A stored run cannot be read, found or written."""


class WorkspaceError(UserError):
    """What a visitor keeps on this server cannot be read."""


class StorageError(UserError, OSError):
    """Nothing more can be kept on the disk. An `OSError` too, for those who can do without, or name what it was."""

    def __str__(self) -> str:
        if self.errno in (errno.ENOSPC, errno.EDQUOT):
            return "Nothing more can be kept: this server's disk is full. Free some space, then try again."
        return (
            f"Nothing can be kept: this server's storage cannot be written ({self.strerror}). Whoever runs it has to "
            "change that; then try again."
        )


class StoreError(StorageError):
    """The store that machines share cannot be read or written: whoever runs the server has to do something."""

    def __str__(self) -> str:
        return str(self.args[0])


class LimitError(UserError):
    """It would be more than this server allows one workspace, one address, or all together."""


class ClusterError(UserError):
    """The machines that are to do the work cannot: whoever runs the server has to do something."""


class ExportError(UserError):
    """The model cannot be written out in this form."""


class Cancelled(Exception):
    """Raised out of a `Progress` call when the user has cancelled: unwinds the work, is never shown as an error."""
