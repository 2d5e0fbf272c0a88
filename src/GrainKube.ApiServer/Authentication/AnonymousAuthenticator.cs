using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Who shows nothing is <c>system:anonymous</c>; RBAC lets it see health and version. Who shows something that nobody accepted is refused, not taken for anonymous.</summary>
internal sealed class AnonymousAuthenticator(IOptions<AuthenticationOptions> options) : IAuthenticator
{
    private static readonly UserInfo Anonymous = new() { Name = WellKnown.Anonymous, Groups = [WellKnown.Unauthenticated] };

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context) =>
        ValueTask.FromResult(MayBe(context.Request.Path) && context.Connection.ClientCertificate is null && BearerToken.Of(context).Length == 0 ? Anonymous : null);

    private bool MayBe(PathString path) => options.Value.Anonymous && (options.Value.AnonymousPaths is not { } paths || paths.Contains(path.Value));
}
