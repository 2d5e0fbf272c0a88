using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Endpoints;

internal sealed class EndpointsColumns : KindColumns<V1Endpoints>
{
    public EndpointsColumns()
    {
        Name();
        Text("Endpoints", Addresses, "Addresses and ports that are ready.");
        Age();
    }

    private static string Addresses(V1Endpoints item) => item.Subsets is not { Count: > 0 } ? CellTexts.None : CellTexts.FirstThree(
        [.. item.Subsets.SelectMany(s => s.Ports is not { Count: > 0 } ports
            ? (s.Addresses ?? []).Select(a => a.Ip)
            : ports.SelectMany(p => (s.Addresses ?? []).Select(a => Joined(a.Ip, p.Port))))]);

    private static string Joined(string ip, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(ip.Contains(':') ? $"[{ip}]" : ip)}:{port}");
}
