namespace GrainKube.Kubelet.Volumes;

/// <summary>Issues the tokens of projected volumes. Hosting binds it to the cluster's signer.</summary>
public interface ITokenSource
{
    /// <summary>Issues a token of a pod's service account, bound to the pod.</summary>
    /// <param name="request">Whose token, for whom and how long.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel);
}

/// <summary>What a projected volume asks for.</summary>
/// <param name="Namespace">Namespace of pod and service account.</param>
/// <param name="ServiceAccount">Name of the service account.</param>
/// <param name="Audience">Who is to accept it; empty means the API server.</param>
/// <param name="Lifetime">How long it shall be good for.</param>
/// <param name="PodName">The pod it is bound to.</param>
/// <param name="PodUid">Uid of the pod.</param>
/// <param name="NodeName">The node it is used on.</param>
public sealed record TokenRequest(string Namespace, string ServiceAccount, string Audience, TimeSpan Lifetime, string PodName, string PodUid, string NodeName);

/// <summary>A token and its end.</summary>
public sealed record IssuedToken(string Token, DateTimeOffset ExpiresAt);
