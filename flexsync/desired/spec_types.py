"""What the fields of the files are made of: days, codes, names, texts, and the mapping itself."""

from datetime import date
from ipaddress import ip_address, ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from flexsync.desired.patterns import CODE, DAY, DOSSIER, KEY, NAME, NETWORK, SLUG, TEXT


def _day(value: Any) -> Any:
    """A date from its one accepted form; pydantic words what is left."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    return value


def _network(value: str) -> str:
    """A network whose address fits its length, smaller than everything there is."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise _no_network("a network such as 10.0.0.0/8 or fd00::/8 is expected, and this is none") from None
    if network.prefixlen == 0:
        raise _no_network("this is every address there is; name the network of the servers in front alone")
    if ip_address(value.partition("/")[0]) != network.network_address:
        raise _no_network(f"this is an address in {network}; write that network, or the address without its length")
    return value


def _no_network(why: str) -> PydanticCustomError:
    return PydanticCustomError("network", "{why}", {"why": why})


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
Network = Annotated[str, Field(pattern=NETWORK), AfterValidator(_network)]
Slug = Annotated[str, Field(pattern=SLUG)]
Key = Annotated[str, Field(pattern=KEY)]
Code = Annotated[str, Field(pattern=CODE)]
DossierCode = Annotated[str, Field(pattern=DOSSIER)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=NAME)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)]
FilePath = Annotated[str, Field(min_length=1, max_length=400)]
#: mobile_data follows from data_mode, and is refused as a declared service.
DeclaredService = Annotated[str, Field(pattern=CODE, json_schema_extra={"not": {"const": "mobile_data"}})]


class Part(BaseModel):
    """A mapping of the files: frozen, no unknown keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
