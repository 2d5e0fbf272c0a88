using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Refuses with 403 what no authorizer allows.</summary>
internal sealed class Authorization(RequestDelegate next, Permission permission)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        await permission.DemandAsync(state.User!, state.Info, context.RequestAborted);
        await next(context);
    }
}
