using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Nodes;
using k8s.Models;

namespace GrainKube.Resources.Storage.StorageClasses;

internal sealed class StorageClassValidator : IValidator<V1StorageClass>
{
    private static readonly string[] Policies = ["Delete", "Retain"];
    private static readonly string[] Modes = ["Immediate", "WaitForFirstConsumer"];

    public void Validate(V1StorageClass item, FieldErrors errors)
    {
        ParameterRules.Driver(item.Provisioner, errors.At("provisioner"));
        ParameterRules.Check(item.Parameters, mayBeEmpty: true, errors.At("parameters"));
        if (!string.IsNullOrEmpty(item.ReclaimPolicy))
        {
            errors.At("reclaimPolicy").OneOf(item.ReclaimPolicy, Policies);
        }

        errors.At("volumeBindingMode").OneOf(item.VolumeBindingMode, Modes);
        Topologies(item.AllowedTopologies, errors.At("allowedTopologies"));
    }

    public void Warn(V1StorageClass next, V1StorageClass? current, IList<string> warnings)
    {
        for (var i = 0; i < next.AllowedTopologies?.Count; i++)
        {
            for (var j = 0; j < next.AllowedTopologies[i].MatchLabelExpressions?.Count; j++)
            {
                if (OldNodeLabels.Message(next.AllowedTopologies[i].MatchLabelExpressions[j].Key) is { } message)
                {
                    warnings.Add($"allowedTopologies[{i}].matchLabelExpressions[{j}].key: {next.AllowedTopologies[i].MatchLabelExpressions[j].Key} is {message}");
                }
            }
        }
    }

    public void ValidateUpdate(V1StorageClass next, V1StorageClass current, FieldErrors errors)
    {
        Validate(next, errors);
        ParameterRules.Stay(next.Parameters, current.Parameters, errors.At("parameters"));
        if (next.Provisioner != current.Provisioner)
        {
            errors.At("provisioner").Forbidden("updates to provisioner are forbidden.");
        }

        if (next.ReclaimPolicy != current.ReclaimPolicy)
        {
            errors.At("reclaimPolicy").Forbidden("updates to reclaimPolicy are forbidden.");
        }

        errors.At("volumeBindingMode").Immutable(next.VolumeBindingMode, current.VolumeBindingMode);
    }

    private static void Topologies(IList<V1TopologySelectorTerm>? terms, FieldErrors errors)
    {
        // Upstream's list of the earlier ones begins with as many empty ones as there are terms, so an empty term is always one too many.
        var earlier = (terms ?? []).Select(_ => new Dictionary<string, HashSet<string>>(StringComparer.Ordinal)).ToList();
        for (var i = 0; i < terms?.Count; i++)
        {
            var place = errors.At(i).At("matchLabelExpressions");
            var keys = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
            for (var e = 0; e < terms[i].MatchLabelExpressions?.Count; e++)
            {
                var (expression, at) = (terms[i].MatchLabelExpressions[e], place.At(e));
                var key = expression.Key ?? "";
                var values = Values(expression.Values, at.At("values"));
                LabelRules.Key(key, at.At("key"));
                if (!keys.TryAdd(key, values))
                {
                    at.At("key").Duplicate(key);
                    keys[key] = values;
                }
            }

            foreach (var _ in earlier.Where(other => other.Count == keys.Count && other.All(p => keys.TryGetValue(p.Key, out var values) && values.SetEquals(p.Value))))
            {
                place.Duplicate("");
            }

            earlier.Add(keys);
        }
    }

    private static HashSet<string> Values(IList<string>? values, FieldErrors errors)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        if (values is not { Count: > 0 })
        {
            errors.Required();
        }

        for (var i = 0; i < values?.Count; i++)
        {
            if (!set.Add(values[i]))
            {
                errors.At(i).Duplicate(values[i]);
            }
        }

        return set;
    }
}
