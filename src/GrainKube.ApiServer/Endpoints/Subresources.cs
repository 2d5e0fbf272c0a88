using System.Text.Json;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>What follows an object's name in the path: <c>status</c>, <c>scale</c>, operations of the definition, questions and streams.</summary>
internal sealed class Subresources(
    GetEndpoint get,
    UpdateEndpoint update,
    PatchEndpoint patch,
    ObjectWriter writer,
    UnstoredResources unstored,
    ConnectReview connects,
    Shaping shaping,
    IEnumerable<Streaming.IStreamEndpoint> streams,
    IOptions<ApiServerOptions> options)
{
    private readonly Streaming.IStreamEndpoint[] streams = [.. streams];

    public Task InvokeAsync(ResourceCall call)
    {
        var name = call.Info.Subresource;
        if (name == "status" && call.Definition.HasStatus)
        {
            return ObjectAsync(call, call.Definition.Names.Kind, call.Version.ApiVersion);
        }

        if (name == "scale" && call.Definition.Scale is not null)
        {
            return call.Info.Verb == "get" ? ScaleAsync(call) : ObjectAsync(call, "Scale", "autoscaling/v1");
        }

        if (call.Definition.Subresources.FirstOrDefault(s => s.Name == name) is { } operation)
        {
            return OperationAsync(call, operation);
        }

        if (unstored.Has(call))
        {
            return call.Info.Verb == "create" ? unstored.InvokeAsync(call) : throw call.NotAllowed();
        }

        foreach (var stream in streams)
        {
            if (stream.Resource == call.Resource && stream.Subresource == name)
            {
                return StreamAsync(call, stream);
            }
        }

        throw ApiException.NoSuchResource();
    }

    private async Task StreamAsync(ResourceCall call, Streaming.IStreamEndpoint stream)
    {
        await connects.CheckAsync(call);
        await stream.InvokeAsync(call);
    }

    private Task ObjectAsync(ResourceCall call, string kind, string apiVersion)
    {
        Acceptable(call);
        return call.Info.Verb switch
        {
            "get" => get.InvokeAsync(call),
            "update" => update.InvokeAsync(call, kind, apiVersion),
            "patch" => patch.InvokeAsync(call),
            _ => throw call.NotAllowed(),
        };
    }

    /// <exception cref="ApiException">405 for a HEAD, 406 where the client takes nothing that we could answer.</exception>
    private static void Acceptable(ResourceCall call)
    {
        if (call.HasRoutes && HttpMethods.IsHead(call.Http.Request.Method))
        {
            throw call.NotAllowed();
        }

        _ = call.Shape;
    }

    private async Task ScaleAsync(ResourceCall call)
    {
        Acceptable(call);
        var item = await get.FindAsync(call);
        var scale = new KubeObject(item.Key, item.Header, JsonSerializer.SerializeToUtf8Bytes(ScaleView.Of(item, call.Definition.Scale!)));
        await Responses.JsonAsync(call.Http, 200, shaping.Scale(call, scale));
    }

    private Task OperationAsync(ResourceCall call, Subresource operation)
    {
        if (!operation.Verbs.Contains(call.Info.Verb))
        {
            throw ApiException.MethodNotAllowed();
        }

        var apiVersion = operation.Group.Length == 0 ? operation.Version : $"{operation.Group}/{operation.Version}";
        return call.Info.Verb == "create"
            ? PostAsync(call, operation, apiVersion)
            : ObjectAsync(call, operation.Kind, operation.Kind == call.Definition.Names.Kind ? call.Version.ApiVersion : apiVersion);
    }

    private async Task PostAsync(ResourceCall call, Subresource operation, string apiVersion)
    {
        Acceptable(call);
        var (body, duplicates) = await RequestBody.ReadObjectAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        var parameters = WriteParameters.Parse(call.Http.Request, "CreateOptions");
        var header = BodyHeader.Read(body, operation.Kind);
        BodyChecks.Kind(call, header, operation.Kind, apiVersion);
        if (header.Name.Length > 0)
        {
            BodyChecks.Name(call, header);
        }

        var result = await writer.WriteAsync(
            call.Key,
            new WriteRequest
            {
                Verb = WriteVerb.Create,
                Subresource = operation.Name,
                ApiVersion = call.Version.ApiVersion,
                Body = body,
                User = call.User,
                FieldManager = parameters.FieldManager,
                Sent = parameters.Sent,
                FieldValidation = parameters.FieldValidation,
                DuplicateKeys = duplicates,
                DryRun = parameters.DryRun,
            },
            call.Cancel);
        await writer.AnswerAsync(call, result);
    }
}
