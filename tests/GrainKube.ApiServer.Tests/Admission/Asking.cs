using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Pipeline;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission;

/// <summary>Makes admission requests and puts them to plugins.</summary>
internal static class Asking
{
    public static AdmissionRequest Create(
        string resource, string ns, string name, string json = "{}", string group = "", UserInfo? user = null, AdmissionOperation operation = AdmissionOperation.Create, string? current = null,
        string subresource = "", IReadOnlyList<AnsweredCheck>? answers = null) => Of(new AnyDefinition(group), resource, ns, name, json, group, user, operation, current, subresource, answers);

    private static AdmissionRequest Of(
        ResourceDefinition definition, string resource, string ns, string name, string json, string group, UserInfo? user, AdmissionOperation operation, string? current, string subresource,
        IReadOnlyList<AnsweredCheck>? answers) => new()
    {
        Operation = operation,
        Resource = definition,
        Version = definition.Versions[0],
        Key = new ObjectKey(group, resource, ns, name),
        Name = name,
        Options = () => [],
        Subresource = subresource,
        User = user ?? new UserInfo { Name = "jane" },
        DryRun = false,
        Object = operation == AdmissionOperation.Delete ? null : JsonNode.Parse(json)!.AsObject(),
        Current = current is null ? null : JsonNode.Parse(current)!.AsObject(),
        Warnings = [],
        Answers = answers,
    };

    /// <summary>What answers the <c>authorizer</c> of expressions.</summary>
    public static AccessQuestion Authorizers(params IAuthorizer[] authorizers) => new(authorizers);

    public static AdmissionRequest Pod(string spec, string name = "web-0", string metadata = "{}") => Create("pods", "web", name, $$"""{"metadata":{{metadata}},"spec":{{spec}}}""");

    /// <summary>What the plugin makes of the request.</summary>
    public static async Task<JsonNode> ThroughAsync(this AdmissionRequest request, IMutatingAdmission plugin)
    {
        if (plugin.Handles(request))
        {
            await plugin.AdmitAsync(request, CancellationToken.None);
        }

        return request.Object ?? [];
    }

    public static async Task<Status> RefusedByAsync(this AdmissionRequest request, IMutatingAdmission plugin) =>
        (await Assert.ThrowsAsync<ApiException>(() => request.ThroughAsync(plugin))).Status;

    public static async Task ValidatedByAsync(this AdmissionRequest request, IValidatingAdmission plugin)
    {
        if (plugin.Handles(request))
        {
            await plugin.ValidateAsync(request, CancellationToken.None);
        }
    }

    public static async Task<Status> RefusedByAsync(this AdmissionRequest request, IValidatingAdmission plugin) =>
        (await Assert.ThrowsAsync<ApiException>(() => request.ValidatedByAsync(plugin))).Status;

    private sealed class AnyDefinition(string group) : ResourceDefinition(ResourceNames.InNamespace(group, "v1", "any", "Any"))
    {
        public override IReadOnlyList<ServedVersion> Versions { get; } = [new(group, "v1", () => new Schema { Type = SchemaType.Object, PreserveUnknownFields = true })];

        public override Type? Model => null;

        public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings) { }
    }
}
