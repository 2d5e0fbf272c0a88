using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Nodes;
using Orleans.Runtime.Placement;

namespace GrainKube.Objects.Placement;

/// <summary>Finds the silo of a node by the name under which it joined the cluster.</summary>
internal sealed class NodePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var node = target.GrainIdentity.Key.ToString()!;
        var silo = NodeSilo.Of(node);
        var compatible = context.GetCompatibleSilos(target);

        // A silo that was killed and is back may still be in the list with its former life: the younger one is meant.
        var home = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && member.Name == silo && Array.IndexOf(compatible, member.SiloAddress) >= 0)
            .MaxBy(member => member.SiloAddress.Generation)?.SiloAddress;
        return home is not null ? Task.FromResult(home) : throw ApiException.ServiceUnavailable($"node \"{node}\" is not part of the cluster at this moment");
    }
}
