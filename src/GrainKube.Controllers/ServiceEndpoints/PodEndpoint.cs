using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>What services ask of a pod, read once from each version's bytes: a service may have thousands.</summary>
internal sealed class PodEndpoint
{
    private readonly PodFacts facts;
    private readonly string[] addresses = [];
    private readonly NamedPort[] ports = [];

    private PodEndpoint(KubeObject pod)
    {
        (Item, facts) = (pod, PodFacts.Of(pod));
        using var json = JsonDocument.Parse(pod.Json);
        if (json.RootElement.TryGetProperty("spec", out var spec))
        {
            Hostname = spec.Text("hostname");
            Subdomain = spec.Text("subdomain");
            ports = [.. spec.Items("containers").Concat(spec.Items("initContainers").Where(c => c.Text("restartPolicy") == "Always")).SelectMany(NamedPorts)];
        }

        if (json.RootElement.TryGetProperty("status", out var status))
        {
            addresses = [.. status.Items("podIPs").Select(a => a.Text("ip")).DefaultIfEmpty(status.Text("podIP")).Where(a => a.Length > 0)];
        }
    }

    public KubeObject Item { get; }

    /// <summary>Ports with a name: those of containers first, then those of sidecars.</summary>
    public IReadOnlyList<NamedPort> Ports => ports;

    public string Hostname { get; } = "";

    public string Subdomain { get; } = "";

    public string NodeName => facts.NodeName;

    public bool IsReady => facts.IsReady;

    public DateTimeOffset? ReadySince => facts.ReadySince;

    public bool IsTerminating => facts.IsTerminating;

    /// <summary>Has an address and has not ended: belongs into the endpoints, ready or not.</summary>
    public bool IsReachable => addresses.Length > 0 && !facts.IsFinished;

    public static PodEndpoint Of(KubeObject pod) => pod.Derive(static p => new PodEndpoint(p));

    /// <summary>The pod's address of a family, or null.</summary>
    public string? AddressOf(bool six)
    {
        foreach (var address in addresses)
        {
            if (address.Contains(':') == six)
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>True where no service's endpoints can tell the two versions apart.</summary>
    public bool LooksLike(PodEndpoint other) =>
        IsReachable == other.IsReachable
        && IsReady == other.IsReady
        && IsTerminating == other.IsTerminating
        && Item.Header.Uid == other.Item.Header.Uid
        && NodeName == other.NodeName
        && Hostname == other.Hostname
        && Subdomain == other.Subdomain
        && addresses.AsSpan().SequenceEqual(other.addresses)
        && ports.AsSpan().SequenceEqual(other.ports);

    private static IEnumerable<NamedPort> NamedPorts(JsonElement container) =>
        from port in container.Items("ports")
        let name = port.Text("name")
        where name.Length > 0 && port.TryGetProperty("containerPort", out _)
        select new NamedPort(name, port.Text("protocol", "TCP"), port.GetProperty("containerPort").GetInt32());
}
