using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Networking.IPAddresses;

internal sealed class IPAddressColumns : KindColumns<V1IPAddress>
{
    public IPAddressColumns()
    {
        Name();
        Text("ParentRef", Parent, "What the address is taken for.");
    }

    private static string Parent(V1IPAddress item)
    {
        if (item.Spec?.ParentRef is not { } parent)
        {
            return CellTexts.None;
        }

        var resource = new GroupResource(parent.Group ?? "", parent.Resource).ToString().ToLowerInvariant();
        return string.IsNullOrEmpty(parent.NamespaceProperty) ? $"{resource}/{parent.Name}" : $"{resource}/{parent.NamespaceProperty}/{parent.Name}";
    }
}
