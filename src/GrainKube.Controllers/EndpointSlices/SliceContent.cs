using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>A slice that exists, read once from each version's bytes.</summary>
internal sealed class SliceContent
{
    private SliceContent(KubeObject slice)
    {
        Item = slice;
        using var json = JsonDocument.Parse(slice.Json);
        var root = json.RootElement;
        AddressType = root.Text("addressType");
        PortsKey = SlicePort.KeyOf([.. root.Items("ports").Select(SlicePort.From)]);
        Endpoints = [.. root.Items("endpoints").Select(SliceEndpoint.From)];
        Annotations = root.GetProperty("metadata").Members("annotations").ToDictionary(a => a.Name, a => a.Value.GetString() ?? "");
    }

    public KubeObject Item { get; }

    public string AddressType { get; }

    /// <summary>See <see cref="SlicePort.KeyOf"/>.</summary>
    public string PortsKey { get; }

    public IReadOnlyList<SliceEndpoint> Endpoints { get; }

    public IReadOnlyDictionary<string, string> Annotations { get; }

    public static SliceContent Of(KubeObject slice) => slice.Derive(static s => new SliceContent(s));
}
