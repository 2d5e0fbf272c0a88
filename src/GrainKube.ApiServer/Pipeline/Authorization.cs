using GrainKube.ApiMachinery.Errors;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Refuses with 403 what no authorizer allows.</summary>
internal sealed class Authorization(RequestDelegate next, Permission permission)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        try
        {
            var reason = await permission.DemandAsync(state.User!, state.Info, context.RequestAborted);
            Annotate(state, "allow", reason);
        }
        catch (ApiException refused) when (refused.Status.Code == 403)
        {
            Annotate(state, "forbid", "");
            throw;
        }
        catch (ApiException failed) when (failed.Status.Code == 500)
        {
            state.Audit?.Annotate("authorization.k8s.io/reason", "internal error");
            throw;
        }

        await next(context);
    }

    private static void Annotate(RequestState state, string decision, string reason)
    {
        if (state.Audit is { } audit)
        {
            audit.Annotate("authorization.k8s.io/decision", decision);
            audit.Annotate("authorization.k8s.io/reason", reason);
        }
    }
}
