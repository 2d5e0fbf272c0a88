using k8s.Models;

namespace GrainKube.Kubelet.Plans;

/// <summary>Whether a container that ended is to run again.</summary>
internal static class RestartRules
{
    public static bool ShouldRestart(V1PodSpec pod, V1Container container, int exitCode)
    {
        foreach (var rule in container.RestartPolicyRules ?? [])
        {
            if (rule.Action == "Restart" && rule.ExitCodes is { } codes && (codes.Values?.Contains(exitCode) ?? false) == (codes.OperatorProperty == "In"))
            {
                return true;
            }
        }

        return (container.RestartPolicy ?? pod.RestartPolicy ?? "Always") switch
        {
            "Always" => true,
            "OnFailure" => exitCode != 0,
            _ => false,
        };
    }

    /// <summary>An init container that goes on beside the main containers.</summary>
    public static bool IsSidecar(this V1Container initContainer) => initContainer.RestartPolicy == "Always";
}
