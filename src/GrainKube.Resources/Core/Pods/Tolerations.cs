using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>The rule of tolerations: effect (empty means all), key (empty means all), and what the operator says about the value.</summary>
public static class Tolerations
{
    public static bool Tolerate(IReadOnlyList<V1Toleration> tolerations, V1Taint taint) => Tolerate(tolerations, taint.Key, taint.Value ?? "", taint.Effect);

    public static bool Tolerate(IReadOnlyList<V1Toleration> tolerations, string key, string value, string effect)
    {
        // No LINQ: the scheduler asks once for each node.
        foreach (var toleration in tolerations)
        {
            if (Tolerates(toleration, key, value, effect))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Tolerates(V1Toleration toleration, V1Taint taint) => Tolerates(toleration, taint.Key, taint.Value ?? "", taint.Effect);

    private static bool Tolerates(V1Toleration toleration, string key, string value, string effect) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == effect)
        && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == key)
        && toleration.OperatorProperty switch
        {
            "Exists" => true,
            "Lt" => long.TryParse(value, out var actual) && long.TryParse(toleration.Value, out var limit) && actual < limit,
            "Gt" => long.TryParse(value, out var actual) && long.TryParse(toleration.Value, out var limit) && actual > limit,
            _ => (toleration.Value ?? "") == value,
        };
}
