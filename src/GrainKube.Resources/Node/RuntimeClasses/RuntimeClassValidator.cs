using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Nodes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Node.RuntimeClasses;

internal sealed class RuntimeClassValidator : IValidator<V1RuntimeClass>
{
    public void Validate(V1RuntimeClass item, FieldErrors errors)
    {
        errors.At("handler").Report(item.Handler ?? "", NameRules.DnsLabel(item.Handler ?? ""));
        ResourceRules.Overhead(item.Overhead?.PodFixed, errors.At("overhead"));
        if (item.Scheduling is not { } scheduling)
        {
            return;
        }

        var place = errors.At("scheduling");
        LabelRules.Labels(scheduling.NodeSelector, place.At("nodeSelector"));

        // Upstream names the list twice here, and once for duplicates.
        TolerationRules.Check(scheduling.Tolerations, place.At("tolerations").At("tolerations"));
        var seen = new HashSet<(string?, string?, string?, string?)>();
        for (var i = 0; i < scheduling.Tolerations?.Count; i++)
        {
            var toleration = scheduling.Tolerations[i];
            if (!seen.Add((toleration.Key, toleration.OperatorProperty, toleration.Value, toleration.Effect)))
            {
                place.At("tolerations").At(i).Duplicate(toleration);
            }
        }
    }

    public void ValidateUpdate(V1RuntimeClass next, V1RuntimeClass current, FieldErrors errors)
    {
        Validate(next, errors);
        errors.At("handler").Immutable(next.Handler ?? "", current.Handler ?? "");
    }

    public void Warn(V1RuntimeClass next, V1RuntimeClass? current, IList<string> warnings)
    {
        foreach (var key in next.Scheduling?.NodeSelector?.Keys ?? [])
        {
            if (OldNodeLabels.Message(key) is { } message)
            {
                warnings.Add($"scheduling.nodeSelector: {message}");
            }
        }
    }
}
