using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>A request as webhooks see it, without its objects.</summary>
internal sealed record WebhookRequest
{
    public required AdmissionOperation Operation { get; init; }
    public required ResourceDefinition Definition { get; init; }

    /// <summary>The version that the client chose.</summary>
    public required ServedVersion Version { get; init; }
    public required ObjectKey Key { get; init; }
    public required string Subresource { get; init; }
    public required UserInfo User { get; init; }
    public required bool DryRun { get; init; }

    /// <summary>The client named no object; see <see cref="Objects.Writes.WriteRequest.Unnamed"/>.</summary>
    public bool Unnamed { get; init; }

    /// <summary>The options of the operation, for example a <c>CreateOptions</c>; null for a connection, and as long as the write is not prepared.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>The kind of the object where it is not that of the resource: a Scale, a Binding, the options of a connection.</summary>
    public WebhookKind? OwnKind { get; init; }

    public string OperationName => NameOf(Operation);

    public static string NameOf(AdmissionOperation operation) => operation switch
    {
        AdmissionOperation.Create => "CREATE",
        AdmissionOperation.Update => "UPDATE",
        AdmissionOperation.Delete => "DELETE",
        _ => "CONNECT",
    };

    /// <summary>The kind of the object in one of the versions of the resource.</summary>
    public WebhookKind KindIn(ServedVersion version) => OwnKind ?? new WebhookKind(version.Group, version.Version, Definition.Names.Kind);

    /// <summary>As a webhook is shown it: without a name that is drawn for the client, until mutation is over.</summary>
    public string NameFor(Webhook webhook) => Unnamed && (webhook.Mutates || Operation != AdmissionOperation.Create) ? "" : Key.Name;

    /// <summary>For a namespace its own name, as upstream has it.</summary>
    public string NamespaceFor(Webhook webhook) => Definition.GroupResource is { Group: "", Resource: "namespaces" } ? NameFor(webhook) : Key.Namespace;
}

/// <summary>Group, version and kind.</summary>
internal sealed record WebhookKind(string Group, string Version, string Kind);
