using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Which names of resources there are, and which may stand where.</summary>
internal static class ResourceNameRules
{
    /// <summary>What containers may ask for without a domain in the name, besides huge pages.</summary>
    public static readonly string[] OfContainers = ["cpu", "memory", "ephemeral-storage"];

    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
        "services.loadbalancers",
    };

    private static readonly HashSet<string> OfQuotas = new(
        Counted.Concat(
        [
            "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage",
            "limits.cpu", "limits.memory", "limits.ephemeral-storage",
        ]),
        StringComparer.Ordinal);

    /// <summary>A resource of ours, or one with a domain.</summary>
    public static bool Any(string name, FieldErrors errors)
    {
        var problems = NameRules.LabelKey(name);
        errors.Report(name, problems);
        if (problems.Count == 0 && !name.Contains('/') && name != "storage" && !IsOfQuotas(name))
        {
            errors.Invalid(name, "must be a standard resource type or fully qualified");
        }

        return problems.Count == 0;
    }

    /// <summary>What a container may ask for.</summary>
    public static void Container(string name, FieldErrors errors)
    {
        Any(name, errors);
        if (!name.Contains('/'))
        {
            if (!OfContainers.Contains(name) && !IsHugePages(name))
            {
                errors.Invalid(name, "must be a standard resource for containers");
            }
        }
        else if (!IsNative(name) && !IsExtended(name))
        {
            errors.Invalid(name, "doesn't follow extended resource name standard");
        }
    }

    /// <summary>What a quota may bound.</summary>
    public static void Quota(string name, FieldErrors errors)
    {
        Any(name, errors);
        if (!name.Contains('/') && !IsOfQuotas(name))
        {
            errors.Invalid(name, "must be a standard resource for quota");
        }
    }

    /// <summary>Not negative, and whole where parts make no sense.</summary>
    public static void Amount(string name, ResourceQuantity value, FieldErrors errors)
    {
        var amount = value.ToQuantity();
        if (amount.Sign < 0)
        {
            errors.Invalid(amount.ToString(), "must be greater than or equal to 0");
        }

        if (!amount.IsWhole && (Counted.Contains(name) || IsExtended(name)))
        {
            errors.Invalid(amount.ToString(), "must be an integer");
        }
    }

    /// <summary>A name that quotas know by itself.</summary>
    public static bool IsOfQuotas(string name) => OfQuotas.Contains(name) || IsHugePages(name) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    public static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    public static bool IsNative(string name) => !name.Contains('/') || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    /// <summary>More may be promised than there is.</summary>
    public static bool IsOvercommitAllowed(string name) => IsNative(name) && !IsHugePages(name);

    /// <summary>A resource of somebody's own domain.</summary>
    public static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith("requests.", StringComparison.Ordinal) && NameRules.LabelKey("requests." + name).Count == 0;
}
