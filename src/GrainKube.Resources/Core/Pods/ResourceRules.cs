using System.Collections.ObjectModel;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for requests and limits.</summary>
internal static class ResourceRules
{
    private static readonly string[] OfPods = ["cpu", "memory"];
    private static readonly ReadOnlyDictionary<string, ResourceQuantity> None = ReadOnlyDictionary<string, ResourceQuantity>.Empty;

    /// <param name="resources">May be null.</param>
    /// <param name="claims">Names of the pod's resource claims.</param>
    /// <param name="errors">The place of the resources.</param>
    public static void Container(V1ResourceRequirements? resources, IReadOnlyCollection<string> claims, FieldErrors errors)
    {
        Check(resources, ResourceNameRules.Container, errors);
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
        Check(new V1ResourceRequirements { Limits = overhead }, ResourceNameRules.Container, errors);

    private static void Check(V1ResourceRequirements? resources, Action<string, FieldErrors> checkName, FieldErrors errors)
    {
        var limits = resources?.Limits ?? None;
        var requests = resources?.Requests ?? None;
        if (limits.Count + requests.Count == 0)
        {
            return;
        }

        var (huge, usual) = (false, false);
        foreach (var (name, value) in limits)
        {
            Note(name);
            Entry(name, value, checkName, errors.At("limits").Key(name));
        }

        foreach (var (name, value) in requests)
        {
            Note(name);
            Entry(name, value, checkName, errors.At("requests").Key(name));
            AgainstLimit(name, value, limits, errors);
        }

        if (huge && !usual)
        {
            errors.Forbidden("HugePages require cpu or memory");
        }

        void Note(string name) => (huge, usual) = (huge || ResourceNameRules.IsHugePages(name), usual || name is "cpu" or "memory");
    }

    private static void Entry(string name, ResourceQuantity value, Action<string, FieldErrors> checkName, FieldErrors errors)
    {
        checkName(name, errors);
        ResourceNameRules.Amount(name, value, errors);
        if (ResourceNameRules.IsHugePages(name) && Quantity.TryParse(name.AsSpan("hugepages-".Length), out var size, out _) && size.Sign > 0
            && value.ToQuantity().Value % size.Value != 0)
        {
            errors.Invalid(value.ToString(), $"{value} is not positive integer multiple of {name}");
        }
    }

    private static void AgainstLimit(string name, ResourceQuantity value, IDictionary<string, ResourceQuantity> limits, FieldErrors errors)
    {
        var request = value.ToQuantity();
        var overcommits = ResourceNameRules.IsOvercommitAllowed(name);
        if (!limits.TryGetValue(name, out var text))
        {
            if (!overcommits)
            {
                errors.At("limits").Required("Limit must be set for non overcommitable resources");
            }

            return;
        }

        var limit = text.ToQuantity();
        if (request != limit && !overcommits)
        {
            errors.At("requests").Invalid(request.ToString(), $"must be equal to {name} limit of {limit}");
        }
        else if (request > limit)
        {
            errors.At("requests").Invalid(request.ToString(), $"must be less than or equal to {name} limit of {limit}");
        }
    }

    private static void PodName(string name, FieldErrors errors)
    {
        if (ResourceNameRules.Any(name, errors) && !OfPods.Contains(name) && !ResourceNameRules.IsHugePages(name))
        {
            errors.NotSupported(name, OfPods);
        }
    }

    private static void Claims(IList<Corev1ResourceClaim>? claims, IReadOnlyCollection<string> known, FieldErrors errors)
    {
        if (claims is not { Count: > 0 })
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < claims.Count; i++)
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
