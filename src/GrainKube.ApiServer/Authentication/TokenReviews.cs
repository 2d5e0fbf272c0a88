using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Whose token is this?</summary>
internal sealed class TokenReviews(TokenVerifiers tokens) : IUnstoredResource
{
    private const string Group = "authentication.k8s.io";

    public GroupResource Resource => new(Group, "tokenreviews");

    public string Subresource => "";

    public async ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var spec = request.Body["spec"] as JsonObject ?? [];
        var token = ReviewSpec.Text(spec, "token");
        if (token.Length == 0)
        {
            throw ApiException.BadRequest("token is required for TokenReview in authentication");
        }

        JsonObject status;
        try
        {
            status = await tokens.VerifyAsync(token, ReviewSpec.Texts(spec, "audiences"), cancel) is { } found
                ? new JsonObject
                {
                    ["authenticated"] = true,
                    ["user"] = UserJson.Of(found.User),
                    ["audiences"] = new JsonArray([.. found.Audiences.Select(a => (JsonNode)a)]),
                }
                : Refused("invalid bearer token");
        }
        catch (InvalidTokenException refused)
        {
            status = Refused(refused.Message == "invalid bearer token" ? refused.Message : $"[invalid bearer token, {refused.Message}]");
        }

        return new UnstoredAnswer(201, Answers.With(request.Body, $"{Group}/v1", "TokenReview", status));
    }

    private static JsonObject Refused(string why) => new() { ["user"] = new JsonObject(), ["error"] = why };
}
