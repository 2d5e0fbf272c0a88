using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Webhooks for requests that write no object: connections to pods, services and nodes, and questions such as an eviction.</summary>
internal sealed class ConnectReview(Webhooks webhooks, IEnumerable<IMutatingAdmission> mutators, IEnumerable<IValidatingAdmission> plugins)
{
    /// <summary>Asks the webhooks for CONNECT. They see the options of the connection as the object.</summary>
    /// <exception cref="ApiMachinery.Errors.ApiException">A webhook refuses.</exception>
    public async Task CheckAsync(ResourceCall call)
    {
        if (KindOf(call) is not { } kind)
        {
            return; // logs are read, not connected to
        }

        var options = Options(kind, call.Http.Request.Query);
        await AskPluginsAsync(call, AdmissionOperation.Connect, options, kind, null, dryRun: false);
        var (_, warnings) = await webhooks.ReviewAsync(RequestOf(call, AdmissionOperation.Connect, kind, null, dryRun: false), options, call.Cancel);
        Responses.Warn(call.Http, warnings);
    }

    /// <summary>Lets the webhooks see, and change, the body of a question that the server answers itself.</summary>
    /// <returns>The body.</returns>
    /// <exception cref="ApiMachinery.Errors.ApiException">A webhook refuses.</exception>
    public async Task<JsonObject> AdmitAsync(ResourceCall call, JsonObject body, WriteParameters parameters)
    {
        var served = call.Definition.ServedSubresources.FirstOrDefault(s => s.Name == call.Info.Subresource);
        var kind = served is null
            ? new WebhookKind(call.Version.Group, call.Version.Version, call.Definition.Names.Kind)
            : new WebhookKind(served.Group ?? call.Version.Group, served.Version ?? call.Version.Version, served.Kind);
        var options = OperationOptions.Of(AdmissionOperation.Create, parameters.DryRun, parameters.FieldManager, parameters.FieldValidation, parameters.Sent);
        await AskPluginsAsync(call, AdmissionOperation.Create, body, kind, options, parameters.DryRun);
        var (admitted, warnings) = await webhooks.ReviewAsync(RequestOf(call, AdmissionOperation.Create, kind, options, parameters.DryRun), body, call.Cancel);
        Responses.Warn(call.Http, warnings);
        return admitted;
    }

    // Nothing is written, so no turn of an object asks them. Of those that edit only who knows bodies finds here what it can edit.
    private async Task AskPluginsAsync(ResourceCall call, AdmissionOperation operation, JsonObject body, WebhookKind kind, JsonObject? options, bool dryRun)
    {
        var request = new AdmissionRequest
        {
            Operation = operation,
            Resource = call.Definition,
            Version = call.Version,
            Key = call.Key,
            Name = call.Info.Name,
            Subresource = call.Info.Subresource,
            User = call.User,
            DryRun = dryRun,
            Options = () => (JsonObject?)options?.DeepClone(),
            Object = body,
            BodyKind = new DecodeTarget(kind.Group, kind.Version, kind.Kind),
            Warnings = [],
        };
        foreach (var plugin in mutators)
        {
            if (plugin.JudgesBodies && plugin.Handles(request))
            {
                await plugin.AdmitAsync(request, call.Cancel);
            }
        }

        foreach (var plugin in plugins)
        {
            if (plugin.Handles(request))
            {
                await plugin.ValidateAsync(request, call.Cancel);
            }
        }

        Responses.Warn(call.Http, [.. request.Warnings]);
    }

    private static WebhookRequest RequestOf(ResourceCall call, AdmissionOperation operation, WebhookKind kind, JsonObject? options, bool dryRun) => new()
    {
        Operation = operation,
        Definition = call.Definition,
        Version = call.Version,
        Key = call.Key,
        Subresource = call.Info.Subresource,
        User = call.User,
        DryRun = dryRun,
        Options = options,
        OwnKind = kind,
    };

    private static WebhookKind? KindOf(ResourceCall call) => (call.Resource.Resource, call.Info.Subresource) switch
    {
        ("pods", "exec") => new WebhookKind("", "v1", "PodExecOptions"),
        ("pods", "attach") => new WebhookKind("", "v1", "PodAttachOptions"),
        ("pods", "portforward") => new WebhookKind("", "v1", "PodPortForwardOptions"),
        ("pods", "proxy") => new WebhookKind("", "v1", "PodProxyOptions"),
        ("services", "proxy") => new WebhookKind("", "v1", "ServiceProxyOptions"),
        ("nodes", "proxy") => new WebhookKind("", "v1", "NodeProxyOptions"),
        _ => null,
    };

    private static JsonObject Options(WebhookKind kind, IQueryCollection query)
    {
        var options = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.Version };
        foreach (var flag in (ReadOnlySpan<string>)["stdin", "stdout", "stderr", "tty"])
        {
            if (query.First(flag) is "1" or "true")
            {
                options[flag] = true;
            }
        }

        foreach (var text in (ReadOnlySpan<string>)["container", "path"])
        {
            if (query.First(text) is { Length: > 0 } value)
            {
                options[text] = value;
            }
        }

        if (query["command"] is { Count: > 0 } command)
        {
            options["command"] = new JsonArray([.. command.Select(part => (JsonNode?)part)]);
        }

        if (query["ports"] is { Count: > 0 } ports)
        {
            options["ports"] = new JsonArray([.. ports.SelectMany(p => (p ?? "").Split(',')).Where(p => int.TryParse(p, out _)).Select(p => (JsonNode?)int.Parse(p, CultureInfo.InvariantCulture))]);
        }

        return options;
    }
}
