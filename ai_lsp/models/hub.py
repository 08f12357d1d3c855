"""Gets a GGUF file from Hugging Face with `huggingface_hub`, and so with the user's token, cache and proxy."""

from __future__ import annotations

from pathlib import Path

from ai_lsp.models.catalogue import HubSource
from ai_lsp.models.store import ModelError


def fetch(source: HubSource, folder: Path) -> Path:
    """Download the file into `folder` and return its path there.

    Raises ModelError when the library is missing, the file is not there or gated, or the hub is out of reach.
    """
    try:
        import huggingface_hub
        from huggingface_hub import errors
    except ImportError as error:
        address = f"https://huggingface.co/{source.repo}/resolve/main/{source.file}"
        raise ModelError(
            "models on Hugging Face need the extra: pip install 'ai-lsp[hub]'\n"
            f"or, where no login is needed: ai-lsp models pull {address}"
        ) from error
    where = f"{source.repo}/{source.file}"
    page = f"https://huggingface.co/{source.repo}"
    try:
        return Path(huggingface_hub.hf_hub_download(source.repo, source.file, local_dir=folder))
    except errors.GatedRepoError as error:
        raise ModelError(f"{where} is gated: accept its terms at {page}, then run: hf auth login") from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"there is no repository {source.repo}, or it is private and you are not logged in"
        ) from error
    except errors.EntryNotFoundError as error:
        if isinstance(error, errors.LocalEntryNotFoundError):
            raise ModelError(f"cannot reach the hub for {where}: are you offline?") from error
        raise ModelError(f"{source.repo} has no file {source.file}; see {page}/tree/main") from error
    except (errors.HfHubHTTPError, errors.OfflineModeIsEnabled, ValueError, OSError) as error:
        raise ModelError(f"cannot download {where}: {error}") from error
