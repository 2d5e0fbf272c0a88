using k8s;

namespace GrainKube.Resources;

/// <summary>Whether an update changes a part of an object that it may not.</summary>
internal static class ModelEquality
{
    /// <summary>Same by what they would be written as; two absent ones are the same.</summary>
    public static bool AreSame<T>(T? one, T? other)
        where T : class =>
        ReferenceEquals(one, other) || (one is not null && other is not null && KubernetesJson.Serialize(one) == KubernetesJson.Serialize(other));
}
