using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes.Parts;

namespace GrainKube.Networking.Addresses;

/// <summary>What one write of a Service takes and gives back, as compares and changes; and upstream's words where it cannot be.</summary>
internal sealed class Allocation(CommitRequest commit, ResourceRegistry registry)
{
    private readonly Dictionary<string, long> compares = new(StringComparer.Ordinal);
    private readonly List<StoreWrite> changes = [];
    private readonly HashSet<int> ports = [];

    public bool IsDryRun => commit.DryRun;

    public bool IsCreate => commit.Current is null;

    /// <summary>An earlier try has lost a race.</summary>
    public bool IsRepeated => commit.Attempt > 1;

    /// <summary>The service's uid.</summary>
    public string Uid { get; } = ((commit.Next ?? commit.Current)!["metadata"] as JsonObject)?.Text("uid") ?? "";

    public TransactionAddition Result => new([.. compares.Select(c => new StoreCompare(c.Key, c.Value))], changes);

    public bool Has(int port) => ports.Contains(port);

    /// <summary>Creates the object of an address, while the range that it is from stays as it is.</summary>
    public void Take(IPAddress address, KubeObject range)
    {
        var key = ServiceRanges.KeyOf(address.ToString());
        compares[key.StoreKey] = 0;
        compares[range.Key.StoreKey] = range.Revision;
        changes.Add(CompanionObject.Create(registry.Find(ServiceRanges.Addresses), key, ObjectOf(address, commit.Key.Namespace, commit.Key.Name), commit.Now));
    }

    public void Take(int port)
    {
        ports.Add(port);
        compares[NodePorts.KeyOf(port)] = 0;
        changes.Add(NodePorts.Put(port, commit.Key.Namespace, commit.Key.Name, Uid));
    }

    public void Release(string storeKey, long revision)
    {
        compares[storeKey] = revision;
        changes.Add(StoreWrite.Delete(storeKey));
    }

    /// <summary>The IPAddress in the store stands for this service.</summary>
    public bool IsOwner(StoreValue value)
    {
        var parent = (JsonNode.Parse(value.Value.Span) as JsonObject).Spec()["parentRef"] as JsonObject ?? [];
        return parent.Text("group").Length == 0 && parent.Text("resource") == "services" && parent.Text("namespace") == commit.Key.Namespace && parent.Text("name") == commit.Key.Name;
    }

    /// <summary>An IPAddress as upstream's allocator makes it.</summary>
    public static JsonObject ObjectOf(IPAddress address, string ns, string service) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = address.ToString(),
            ["labels"] = new JsonObject
            {
                ["ipaddress.kubernetes.io/ip-family"] = address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6",
                [ManagedByLabel] = ManagedBy,
            },
        },
        ["spec"] = new JsonObject
        {
            ["parentRef"] = new JsonObject { ["name"] = service, ["namespace"] = ns, ["resource"] = "services" },
        },
    };

    public const string ManagedByLabel = "ipaddress.kubernetes.io/managed-by";
    public const string ManagedBy = "ipallocator.k8s.io";

    public ApiException InvalidAddress(IReadOnlyList<string> given, IPAddress address, string problem) =>
        Invalid(errors => errors.At("clusterIPs").Invalid(given, $"failed to allocate IP {address}: {problem}"));

    public ApiException InvalidPort(int index, int port, string problem) => Invalid(errors => errors.At("ports").At(index).At("nodePort").Invalid(port, problem));

    public ApiException Invalid(Action<FieldErrors> report)
    {
        var errors = new FieldErrors();
        report(errors.At("spec"));
        return ApiException.Invalid("", "Service", commit.Key.Name, errors);
    }

    public static ApiException Failed(string message) => ApiException.InternalError(message);
}
