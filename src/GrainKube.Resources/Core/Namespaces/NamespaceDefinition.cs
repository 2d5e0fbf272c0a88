using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Namespaces;

internal sealed class NamespaceDefinition : BuiltInDefinition<V1Namespace>
{
    public NamespaceDefinition()
        : base(ResourceNames.ClusterWide("", "v1", "namespaces", "Namespace", "ns"))
    {
        WithStatus(generation: false);
        Uses(new NamespaceColumns());
        Uses(new NamespaceDefaults());
        Uses(new NamespaceStrategy());
        Uses(new NamespaceValidator());
        ReturnsDeletedObject = true;
        NameFormat = NameFormat.DnsLabel;

        // Deleting all namespaces at once is not offered.
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
        Subresources = [NamespaceFinalize.Subresource];
        Selects("status.phase");
    }
}
