using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.ServiceAccounts;

internal sealed class ServiceAccountValidator : IValidator<V1ServiceAccount>
{
    private const string MountableSecrets = "kubernetes.io/enforce-mountable-secrets";

    /// <summary>Nothing of an account can be wrong.</summary>
    public void Validate(V1ServiceAccount item, FieldErrors errors)
    {
    }

    public void Warn(V1ServiceAccount next, V1ServiceAccount? current, IList<string> warnings)
    {
        if (next.Metadata?.Annotations?.ContainsKey(MountableSecrets) == true)
        {
            warnings.Add($"metadata.annotations[{MountableSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
        }
    }
}
