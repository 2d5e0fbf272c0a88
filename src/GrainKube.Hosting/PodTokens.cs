using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Volumes;
using GrainKube.Objects.Cache;
using GrainKube.Security.Tokens;

namespace GrainKube.Hosting;

/// <summary>Signs the tokens of pods on this silo's nodes, bound to the pod and its node, as <c>TokenRequest</c> would.</summary>
internal sealed class PodTokens(TokenIssuer issuer, WatchCache cache, TimeProvider time) : ITokenSource
{
    private static readonly GroupResource Accounts = new("", "serviceaccounts");

    public Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel)
    {
        var account = cache.Kind(Accounts).Get(request.Namespace, request.ServiceAccount) ?? throw ApiException.NotFound(Accounts, request.ServiceAccount);
        var node = cache.Get(new ObjectKey("", "nodes", "", request.NodeName));
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expires = now + request.Lifetime;
        var token = issuer.Sign(new TokenClaims
        {
            Namespace = request.Namespace,
            ServiceAccount = new BoundObject(request.ServiceAccount, account.Header.Uid),
            Pod = new BoundObject(request.PodName, request.PodUid),
            Node = node is null ? null : new BoundObject(request.NodeName, node.Header.Uid),
            Audiences = [request.Audience.Length > 0 ? request.Audience : TokenIssuer.Issuer],
            IssuedAt = now,
            NotBefore = now,
            Expires = expires,
            Issuer = TokenIssuer.Issuer,
            Id = Guid.NewGuid().ToString(),
        });
        return Task.FromResult(new IssuedToken(token, expires));
    }
}
