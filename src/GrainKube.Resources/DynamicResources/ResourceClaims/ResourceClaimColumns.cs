using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaims;

internal sealed class ResourceClaimColumns : KindColumns<Resourcev1ResourceClaim>
{
    public ResourceClaimColumns()
    {
        Name();
        Text("State", State, "A summary of the current state (allocated, pending, reserved, etc.).");
        Age();
    }

    private static string State(Resourcev1ResourceClaim item)
    {
        var deleted = item.Metadata?.DeletionTimestamp is not null;
        return (item.Status?.Allocation is not null, deleted) switch
        {
            (false, true) => "deleted",
            (false, false) => "pending",
            (true, _) => (deleted ? "deleted," : "") + "allocated" + (item.Status!.ReservedFor is { Count: > 0 } ? ",reserved" : ""),
        };
    }
}
