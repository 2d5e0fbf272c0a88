using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Who am I? (<c>kubectl auth whoami</c>)</summary>
internal sealed class SelfSubjectReviews(TimeProvider time) : IUnstoredResource
{
    private const string Group = "authentication.k8s.io";

    public GroupResource Resource => new(Group, "selfsubjectreviews");

    public string Subresource => "";

    public ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel) => ValueTask.FromResult(new UnstoredAnswer(201, new JsonObject
    {
        ["kind"] = "SelfSubjectReview",
        ["apiVersion"] = $"{Group}/v1",
        ["metadata"] = new JsonObject
        {
            ["creationTimestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        },
        ["status"] = new JsonObject { ["userInfo"] = UserJson.Of(request.User) },
    }));
}
