using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>One endpoint a verb, for the object itself.</summary>
internal sealed class Verbs(
    GetEndpoint get,
    ListEndpoint list,
    Watches.WatchEndpoint watch,
    CreateEndpoint create,
    UpdateEndpoint update,
    PatchEndpoint patch,
    DeleteEndpoint delete,
    DeleteCollectionEndpoint deleteCollection,
    UnstoredResources unstored,
    ComputedResources computed)
{
    public Task InvokeAsync(ResourceCall call)
    {
        var info = call.Info;
        if (!call.Definition.IsStored)
        {
            return info.Verb == "create" && !info.IsNamed && call.Definition.Verbs.Contains("create") ? unstored.InvokeAsync(call) : computed.InvokeAsync(call);
        }

        if (!call.Definition.Verbs.Contains(info.Verb) || (call.HasRoutes && !HasRoute(info.Verb, call.Http.Request.Method)))
        {
            throw call.NotAllowed();
        }

        _ = call.Shape; // whoever cannot be answered is told so before anything is done

        return (info.Verb, info.IsNamed) switch
        {
            ("get", true) => get.InvokeAsync(call),
            ("list", false) => list.InvokeAsync(call),
            ("watch", _) => watch.InvokeAsync(call),
            ("create", false) => create.InvokeAsync(call),
            ("update", true) => update.InvokeAsync(call),
            ("patch", true) => patch.InvokeAsync(call),
            ("delete", true) => delete.InvokeAsync(call),
            ("deletecollection", false) => deleteCollection.InvokeAsync(call),
            _ => throw call.NotAllowed(),
        };
    }

    /// <summary>HEAD asks for the same permission as GET, and every method below <c>/watch/</c> for that to watch, but there are no routes for them.</summary>
    private static bool HasRoute(string verb, string method) => verb == "watch" ? HttpMethods.IsGet(method) : !HttpMethods.IsHead(method);
}
