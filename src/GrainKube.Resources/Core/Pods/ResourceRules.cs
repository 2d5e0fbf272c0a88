using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for requests and limits.</summary>
internal static class ResourceRules
{
    private static readonly string[] OfContainers = ["cpu", "memory", "ephemeral-storage"];
    private static readonly string[] OfPods = ["cpu", "memory"];
    private static readonly HashSet<string> Standard = new(StringComparer.Ordinal)
    {
        "cpu", "memory", "ephemeral-storage", "storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "services", "replicationcontrollers", "resourcequotas", "secrets",
        "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    };

    private static readonly HashSet<string> Integers = new(StringComparer.Ordinal)
    {
        "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
        "services.loadbalancers",
    };

    /// <param name="resources">May be null.</param>
    /// <param name="claims">Names of the pod's resource claims.</param>
    /// <param name="errors">The place of the resources.</param>
    public static void Container(V1ResourceRequirements? resources, IReadOnlyCollection<string> claims, FieldErrors errors)
    {
        Check(resources, ContainerName, errors);
        Claims(resources?.Claims, claims, errors.At("claims"));
    }

    public static void Pod(V1ResourceRequirements? resources, FieldErrors errors)
    {
        if (resources?.Claims is not null)
        {
            errors.At("claims").Forbidden("claims cannot be set for Resources at pod-level");
        }

        Check(resources, PodName, errors);
    }

    /// <summary>The overhead of a runtime class is checked as if it were limits.</summary>
    public static void Overhead(IDictionary<string, ResourceQuantity>? overhead, FieldErrors errors) =>
        Check(new V1ResourceRequirements { Limits = overhead }, ContainerName, errors);

    /// <summary>Not negative, and whole where parts make no sense.</summary>
    public static void Amount(string name, ResourceQuantity value, FieldErrors errors)
    {
        var amount = Quantity.Parse(value.ToString());
        if (amount.Sign < 0)
        {
            errors.Invalid(amount.ToString(), "must be greater than or equal to 0");
        }

        if ((Integers.Contains(name) || IsExtended(name)) && !amount.IsWhole)
        {
            errors.Invalid(amount.ToString(), "must be an integer");
        }
    }

    private static void Check(V1ResourceRequirements? resources, Action<string, FieldErrors> checkName, FieldErrors errors)
    {
        var limits = resources?.Limits ?? new Dictionary<string, ResourceQuantity>();
        var requests = resources?.Requests ?? new Dictionary<string, ResourceQuantity>();
        foreach (var (name, value) in limits)
        {
            Entry(name, value, checkName, errors.At("limits").Key(name));
        }

        foreach (var (name, value) in requests)
        {
            Entry(name, value, checkName, errors.At("requests").Key(name));
            AgainstLimit(name, value, limits, errors);
        }

        var names = limits.Keys.Concat(requests.Keys).ToList();
        if (names.Any(IsHugePages) && !names.Any(n => n is "cpu" or "memory"))
        {
            errors.Forbidden("HugePages require cpu or memory");
        }
    }

    private static void Entry(string name, ResourceQuantity value, Action<string, FieldErrors> checkName, FieldErrors errors)
    {
        checkName(name, errors);
        Amount(name, value, errors);
        if (IsHugePages(name) && Quantity.TryParse(name.AsSpan("hugepages-".Length), out var size, out _) && size.Sign > 0
            && Quantity.Parse(value.ToString()).Value % size.Value != 0)
        {
            errors.Invalid(value.ToString(), $"{value} is not positive integer multiple of {name}");
        }
    }

    private static void AgainstLimit(string name, ResourceQuantity value, IDictionary<string, ResourceQuantity> limits, FieldErrors errors)
    {
        var request = Quantity.Parse(value.ToString());
        var overcommits = IsNative(name) && !IsHugePages(name);
        if (!limits.TryGetValue(name, out var text))
        {
            if (!overcommits)
            {
                errors.At("limits").Required("Limit must be set for non overcommitable resources");
            }

            return;
        }

        var limit = Quantity.Parse(text.ToString());
        if (request != limit && !overcommits)
        {
            errors.At("requests").Invalid(request.ToString(), $"must be equal to {name} limit of {limit}");
        }
        else if (request > limit)
        {
            errors.At("requests").Invalid(request.ToString(), $"must be less than or equal to {name} limit of {limit}");
        }
    }

    private static void ContainerName(string name, FieldErrors errors)
    {
        if (!IsNamed(name, errors))
        {
            return;
        }

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

    private static void PodName(string name, FieldErrors errors)
    {
        if (IsNamed(name, errors) && !OfPods.Contains(name) && !IsHugePages(name))
        {
            errors.NotSupported(name, OfPods);
        }
    }

    private static bool IsNamed(string name, FieldErrors errors)
    {
        var problems = NameRules.LabelKey(name);
        errors.Report(name, problems);
        if (problems.Count == 0 && !name.Contains('/') && !Standard.Contains(name) && !IsHugePages(name))
        {
            errors.Invalid(name, "must be a standard resource type or fully qualified");
        }

        return problems.Count == 0;
    }

    private static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    private static bool IsNative(string name) => !name.Contains('/') || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    private static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith("requests.", StringComparison.Ordinal) && NameRules.LabelKey("requests." + name).Count == 0;

    private static void Claims(IList<Corev1ResourceClaim>? claims, IReadOnlyCollection<string> known, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < claims?.Count; i++)
        {
            var name = claims[i].Name;
            if (string.IsNullOrEmpty(name))
            {
                errors.At(i).Required();
                continue;
            }

            if (!seen.Add(string.IsNullOrEmpty(claims[i].Request) ? name : $"{name}/{claims[i].Request}"))
            {
                errors.At(i).Duplicate(name);
            }

            if (!known.Contains(name))
            {
                errors.At(i).NotFound(name);
            }
        }
    }
}
