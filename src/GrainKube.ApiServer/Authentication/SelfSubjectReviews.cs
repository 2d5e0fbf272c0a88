using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
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
            ["creationTimestamp"] = GoTime.Format(time.GetUtcNow()),
        },
        ["status"] = new JsonObject { ["userInfo"] = UserJson.Of(request.User) },
    }));
}
