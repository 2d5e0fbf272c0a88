using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication.OutsideReviews;

/// <summary>Asks a service outside whose a token is.</summary>
internal sealed class WebhookTokenVerifier(IOptions<AuthenticationOptions> options, TimeProvider time) : ITokenVerifier
{
    private const string Group = "authentication.k8s.io";
    private readonly ReviewWebhook? webhook = options.Value.TokenWebhook;
    private readonly TimeSpan lifetime = options.Value.TokenWebhookCache;
    private readonly AnswerCache<VerifiedToken?> known = new(time);

    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (webhook is null)
        {
            return null;
        }

        IReadOnlyList<string> wanted = audiences.Count == 0 ? [TokenIssuer.Issuer] : audiences;
        var question = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', wanted.Prepend(token)))));
        if (known.TryGet(question, out var remembered))
        {
            return remembered;
        }

        JsonObject answer;
        try
        {
            answer = await webhook.PostAsync(Review(token, wanted, webhook.Version), time, cancel);
        }
        catch (HttpRequestException silent)
        {
            throw new InvalidTokenException($"Failed to make webhook authenticator request: {silent.Message}");
        }

        var status = answer["status"] as JsonObject ?? [];
        var found = Read(status, wanted);
        known.Put(question, found, lifetime);
        return found is null && ReviewSpec.Text(status, "error") is { Length: > 0 } error ? throw new InvalidTokenException(error) : found;
    }

    private static JsonObject Review(string token, IReadOnlyList<string> audiences, string version) => new()
    {
        ["kind"] = "TokenReview",
        ["apiVersion"] = $"{Group}/{version}",
        ["metadata"] = new JsonObject(),
        ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]) },
    };

    /// <summary>A service that says nothing of audiences does not know them: what it accepts is meant for the API server.</summary>
    private static VerifiedToken? Read(JsonObject status, IReadOnlyList<string> wanted)
    {
        var said = ReviewSpec.Texts(status, "audiences");
        IReadOnlyList<string> shared = said.Count == 0 ? Audiences.OfServer(wanted) : [.. said.Where(wanted.Contains)];
        return status["authenticated"] is JsonValue value && value.TryGetValue(out bool good) && good && shared.Count > 0
            ? new VerifiedToken(User(status["user"] as JsonObject ?? []), shared)
            : null;
    }

    private static UserInfo User(JsonObject user)
    {
        var subject = ReviewSpec.Subject(user);
        return subject with { Name = ReviewSpec.Text(user, "username") };
    }
}
