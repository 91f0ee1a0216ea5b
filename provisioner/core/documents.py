"""Frozen documents that are kept as JSON: parsed and validated where they are read, and nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer, model_validator

#: A time with its zone; in JSON as Python writes it, which keeps the zone's offset.
Instant = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat, return_type=str)]


class Record(BaseModel):
    """A document that is kept as JSON. Keys with their default value are left out; keys that are not known stay."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, document: object) -> object:
        """A value that is null is one that is absent."""
        if not isinstance(document, Mapping):
            return document
        return {key: value for key, value in document.items() if value is not None}

    def document(self) -> dict[str, Any]:
        """It in JSON."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def changed(self, changes: Mapping[str, object]) -> Self:
        """A copy with other values, which are validated; None takes a value away."""
        values = {**self.document(), **changes}
        return self.model_validate({key: value for key, value in values.items() if value is not None})
