using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>The step of the pipeline between authentication and authorization in which a caller becomes the one it acts as.</summary>
internal sealed class Impersonation(RequestDelegate next, Impersonator impersonator)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        state.User = await impersonator.ActAsync(state.User!, context.Request.Headers, context.RequestAborted);
        await next(context);
    }
}
