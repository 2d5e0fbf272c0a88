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
        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status == SiloStatus.Active && member.Name == silo && Array.IndexOf(context.GetCompatibleSilos(target), member.SiloAddress) >= 0)
            {
                return Task.FromResult(member.SiloAddress);
            }
        }

        throw ApiException.ServiceUnavailable($"node \"{node}\" is not part of the cluster at this moment");
    }
}
