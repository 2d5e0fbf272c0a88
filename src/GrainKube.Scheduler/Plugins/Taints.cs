using k8s.Models;

namespace GrainKube.Scheduler.Plugins;

/// <summary>The rule of tolerations: key (empty with Exists matches all), effect (empty matches all), operator.</summary>
internal static class Taints
{
    public static bool Tolerates(IReadOnlyList<V1Toleration> tolerations, V1Taint taint) => Tolerates(tolerations, taint.Key, taint.Value ?? "", taint.Effect);

    public static bool Tolerates(IReadOnlyList<V1Toleration> tolerations, string key, string value, string effect)
    {
        foreach (var toleration in tolerations)
        {
            if ((string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == effect)
                && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == key)
                && MatchesValue(toleration, value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesValue(V1Toleration toleration, string value) => toleration.OperatorProperty switch
    {
        "Exists" => true,
        "Lt" => long.TryParse(value, out var actual) && long.TryParse(toleration.Value, out var limit) && actual < limit,
        "Gt" => long.TryParse(value, out var actual) && long.TryParse(toleration.Value, out var limit) && actual > limit,
        _ => (toleration.Value ?? "") == value,
    };
}
