using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Hosting;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace GrainKube.Kubelet.Grains;

/// <summary>Places a grain on the silo that is named as its key says: a node's kubelet runs nowhere else.</summary>
[Serializable, GenerateSerializer, Immutable]
[Alias("GrainKube.NodePlacement")]
internal sealed class NodePlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NodePlacementAttribute() : PlacementAttribute(new NodePlacement());

/// <summary>Finds the silo by its name in the membership.</summary>
internal sealed class NodePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var node = target.GrainIdentity.Key.ToString()!;
        var name = NodeNames.SiloOf(node);
        var alive = context.GetCompatibleSilos(target);
        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status == SiloStatus.Active && member.Name == name && alive.Contains(member.SiloAddress))
            {
                return Task.FromResult(member.SiloAddress);
            }
        }

        throw ApiException.ServiceUnavailable($"the kubelet of node \"{node}\" cannot be reached");
    }
}
