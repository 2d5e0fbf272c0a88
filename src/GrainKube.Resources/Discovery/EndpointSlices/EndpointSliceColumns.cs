using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Discovery.EndpointSlices;

internal sealed class EndpointSliceColumns : KindColumns<V1EndpointSlice>
{
    public EndpointSliceColumns()
    {
        Name();
        Text("AddressType", item => item.AddressType, "IPv4, IPv6 or FQDN.");
        Text(
            "Ports",
            item => OrUnset([.. (item.Ports ?? []).Select(p => p.Port?.ToString(CultureInfo.InvariantCulture) ?? p.Name ?? "*")]),
            "Ports of every endpoint.");
        Text("Endpoints", item => OrUnset([.. (item.Endpoints ?? []).SelectMany(e => e.Addresses ?? [])]), "Addresses of the endpoints.");
        Age();
    }

    private static string OrUnset(IReadOnlyCollection<string> items) => items.Count == 0 ? "<unset>" : CellTexts.FirstThree(items);
}
