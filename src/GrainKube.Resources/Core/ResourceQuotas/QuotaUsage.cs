using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Resources.Core.ResourceQuotas;

/// <summary>What one object counts for in quotas, by the names that <c>spec.hard</c> uses. Pure.</summary>
public static class QuotaUsage
{
    private static readonly Quantity One = Quantity.FromUnits(1);

    /// <param name="kind">The object's kind.</param>
    /// <param name="item">The object.</param>
    /// <param name="now">The time: a pod that should long be gone counts no more.</param>
    public static Dictionary<string, Quantity> Of(GroupResource kind, JsonObject item, DateTimeOffset now)
    {
        var usage = new Dictionary<string, Quantity>(StringComparer.Ordinal) { [$"count/{kind}"] = One };
        if (kind.Group.Length == 0)
        {
            switch (kind.Resource)
            {
                case "pods":
                    PodUsage.Add(usage, item, now);
                    break;
                case "services":
                    AddService(usage, item.Object("spec"));
                    break;
                case "persistentvolumeclaims":
                    AddClaim(usage, item);
                    break;
                case "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas":
                    usage[kind.Resource] = One;
                    break;
            }
        }

        return usage;
    }

    /// <summary>True for names in <c>spec.hard</c> that objects of this kind can count for, whatever they look like.</summary>
    public static bool Concerns(GroupResource kind, string name) => name == $"count/{kind}" || (kind.Group.Length == 0 && kind.Resource switch
    {
        "pods" => PodUsage.Concerns(name),
        "services" => name is "services" or "services.nodeports" or "services.loadbalancers",
        "persistentvolumeclaims" => name is "persistentvolumeclaims" or "requests.storage" || name.EndsWith(ClassSuffix + "requests.storage", StringComparison.Ordinal)
            || name.EndsWith(ClassSuffix + "persistentvolumeclaims", StringComparison.Ordinal),
        "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas" => name == kind.Resource,
        _ => false,
    });

    private const string ClassSuffix = ".storageclass.storage.k8s.io/";

    private static void AddService(Dictionary<string, Quantity> usage, JsonObject? spec)
    {
        usage["services"] = One;
        var type = spec.Text("type");
        var ports = spec.Objects("ports").Count();
        if (type == "LoadBalancer")
        {
            usage["services.loadbalancers"] = One;
            var all = spec?["allocateLoadBalancerNodePorts"] is null || spec.Flag("allocateLoadBalancerNodePorts");
            ports = all ? ports : spec.Objects("ports").Count(p => p.Number("nodePort") > 0);
        }

        usage["services.nodeports"] = type is "NodePort" or "LoadBalancer" ? Quantity.FromUnits(ports) : Quantity.Zero;
    }

    private static void AddClaim(Dictionary<string, Quantity> usage, JsonObject item)
    {
        usage["persistentvolumeclaims"] = One;
        var spec = item.Object("spec");
        var storageClass = item.Object("metadata").Object("annotations").Text(PersistentVolumes.VolumeAnnotations.BetaClass) is { Length: > 0 } old ? old : spec.Text("storageClassName");
        if (storageClass.Length > 0)
        {
            usage[$"{storageClass}{ClassSuffix}persistentvolumeclaims"] = One;
        }

        // While a volume grows, what it was given counts where that is more.
        var size = Largest(spec.Object("resources").Object("requests").Text("storage"), item.Object("status").Object("allocatedResources").Text("storage"));
        if (size is { } storage)
        {
            usage["requests.storage"] = storage;
            if (storageClass.Length > 0)
            {
                usage[$"{storageClass}{ClassSuffix}requests.storage"] = storage;
            }
        }
    }

    private static Quantity? Largest(string one, string other)
    {
        Quantity? largest = Quantity.TryParse(one, out var first, out _) ? first : null;
        return Quantity.TryParse(other, out var second, out _) && (largest is null || second > largest) ? second : largest;
    }
}
