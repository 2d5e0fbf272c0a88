using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Scheduling.PriorityClasses;

internal sealed class PriorityClassValidator : IValidator<V1PriorityClass>
{
    private const int HighestOfUsers = 1_000_000_000;
    private static readonly (string Name, int Value)[] System = [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

    public void Validate(V1PriorityClass item, FieldErrors errors)
    {
        if (item.Metadata?.Name?.StartsWith("system-", StringComparison.Ordinal) == true)
        {
            if (SystemProblem(item) is { } problem)
            {
                errors.At("metadata").At("name").Forbidden($"priority class names with 'system-' prefix are reserved for system use only. error: {problem}");
            }
        }
        else if (item.Value > HighestOfUsers)
        {
            errors.At("value").Forbidden($"maximum allowed value of a user defined priority is {HighestOfUsers}");
        }

        errors.At("preemptionPolicy").RequiredOneOf(item.PreemptionPolicy, "PreemptLowerPriority", "Never");
    }

    public void ValidateUpdate(V1PriorityClass next, V1PriorityClass current, FieldErrors errors)
    {
        if (next.Value != current.Value)
        {
            errors.At("value").Forbidden("may not be changed in an update.");
        }

        errors.At("preemptionPolicy").Immutable(next.PreemptionPolicy, current.PreemptionPolicy);
    }

    private static string? SystemProblem(V1PriorityClass item)
    {
        foreach (var (name, value) in System)
        {
            if (name == item.Metadata.Name)
            {
                return item.Value != value ? $"value of {name} PriorityClass must be {value}"
                    : item.GlobalDefault == true ? $"globalDefault of {name} PriorityClass must be false"
                    : null;
            }
        }

        return $"{item.Metadata.Name} is not a known system priority class";
    }
}
