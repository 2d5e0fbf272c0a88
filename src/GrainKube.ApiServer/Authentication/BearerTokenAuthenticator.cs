using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Authentication;

/// <summary>A caller who shows a bearer token that one of the verifiers knows.</summary>
internal sealed partial class BearerTokenAuthenticator(TokenVerifiers tokens, ILogger<BearerTokenAuthenticator> log) : IAuthenticator
{
    public async ValueTask<UserInfo?> AuthenticateAsync(HttpContext context)
    {
        var token = BearerToken.Of(context);
        if (token.Length == 0)
        {
            return null;
        }

        try
        {
            return (await tokens.VerifyAsync(token, [], context.RequestAborted))?.User;
        }
        catch (InvalidTokenException refused)
        {
            LogRefused(refused.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A bearer token was refused: {Reason}")]
    private partial void LogRefused(string reason);
}
