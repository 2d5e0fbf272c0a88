using System.Diagnostics.CodeAnalysis;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Identity;

namespace GrainKube.ApiServer.Authorization.Nodes;

/// <summary>Tells the kubelets of nodes from other users.</summary>
internal static class NodeIdentity
{
    /// <summary>True for a user of the nodes' group with a node's name.</summary>
    public static bool TryRead(UserInfo user, [NotNullWhen(true)] out string? node)
    {
        node = user.Name.StartsWith(WellKnown.NodeUserPrefix, StringComparison.Ordinal) && user.Groups.Contains(WellKnown.Nodes) ? user.Name[WellKnown.NodeUserPrefix.Length..] : null;
        return node is not null;
    }
}
