using System.Globalization;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary><c>spec.podFailurePolicy</c>: what the first rule that matches says of a failed pod.</summary>
/// <param name="Action"><c>Ignore</c>, <c>Count</c>, <c>FailIndex</c> or <c>FailJob</c>; null where no rule matches, which counts.</param>
/// <param name="Message">For <c>FailJob</c>: which pod matched what, in upstream's words.</param>
internal readonly record struct FailurePolicy(string? Action, string Message)
{
    public bool Counts => Action != "Ignore";

    public static FailurePolicy Match(V1PodFailurePolicy? policy, JobPod pod)
    {
        for (var i = 0; i < policy?.Rules?.Count; i++)
        {
            var rule = policy.Rules[i];
            var (ns, name) = (pod.Object.Key.Namespace, pod.Object.Key.Name);
            if (rule.OnExitCodes is { } codes)
            {
                foreach (var (container, code) in pod.Exits)
                {
                    if ((codes.ContainerName is null || codes.ContainerName == container) && codes.Values.Contains(code) == (codes.OperatorProperty == "In"))
                    {
                        return new FailurePolicy(rule.Action, string.Create(
                            CultureInfo.InvariantCulture, $"Container {container} for pod {ns}/{name} failed with exit code {code} matching {rule.Action} rule at index {i}"));
                    }
                }
            }
            else if (rule.OnPodConditions?.FirstOrDefault(p => pod.Conditions.Contains((p.Type, p.Status))) is { } pattern)
            {
                return new FailurePolicy(rule.Action, string.Create(
                    CultureInfo.InvariantCulture, $"Pod {ns}/{name} has condition {pattern.Type} matching {rule.Action} rule at index {i}"));
            }
        }

        return default;
    }
}
