"""Commands for what candidates and stations may reach."""

from provisioner import opening, show
from provisioner.opening import progress
from provisioner.usage import AsJson, InRoom


def prove(room: InRoom = "", as_json: AsJson = False) -> int:
    """Essaie toutes les voies vers l'extérieur, et dit si la salle tient."""
    from provisioner.network_proof import prove_network

    proof = prove_network(opening.centre(room))
    progress.stop()
    if as_json:
        show.as_json(proof.json())
    else:
        show.ways(proof)
    if proof.leaks:
        return 1
    return 3 if proof.doubtful else 0
