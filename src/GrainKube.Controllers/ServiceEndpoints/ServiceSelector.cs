using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>The selector of a service, read once from each version's bytes.</summary>
internal sealed class ServiceSelector
{
    private readonly KeyValuePair<string, string>[] labels = [];

    private ServiceSelector(KubeObject service)
    {
        using var json = JsonDocument.Parse(service.Json);
        if (json.RootElement.TryGetProperty("spec", out var spec))
        {
            labels = [.. spec.Members("selector").Select(l => KeyValuePair.Create(l.Name, l.Value.GetString() ?? "")).OrderBy(l => l.Key, StringComparer.Ordinal)];
            IsExternalName = spec.Text("type") == "ExternalName";
        }
    }

    /// <summary>The service has pods of its own to find: it has a selector and is no alias for an external name.</summary>
    public bool FindsPods => labels.Length > 0 && !IsExternalName;

    /// <summary>Has at least one label, ordered by key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

    private bool IsExternalName { get; }

    public static ServiceSelector Of(KubeObject service) => service.Derive(static s => new ServiceSelector(s));

    public bool Matches(IReadOnlyDictionary<string, string> pod)
    {
        foreach (var (key, value) in labels)
        {
            if (!pod.TryGetValue(key, out var found) || found != value)
            {
                return false;
            }
        }

        return labels.Length > 0;
    }
}
