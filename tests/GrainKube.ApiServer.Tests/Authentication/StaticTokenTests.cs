using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.StaticTokens;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class StaticTokenTests
{
    [Fact]
    public async Task A_token_of_the_file_is_its_user()
    {
        var tokens = StaticTokenFile.Parse("t1,jane,u1,\"devs,ops\"\r\n\nt2,joe,u2\n");
        var verifier = new StaticTokenVerifier(Options.Create(new AuthenticationOptions { StaticTokens = tokens }));
        var jane = (await verifier.VerifyAsync("t1", [], CancellationToken.None))!.User;
        Assert.Equal(("jane", "u1", "devs ops"), (jane.Name, jane.Uid, string.Join(' ', jane.Groups)));
        Assert.Empty((await verifier.VerifyAsync("t2", [TokenIssuer.Issuer], CancellationToken.None))!.User.Groups);
        Assert.Null(await verifier.VerifyAsync("t3", [], CancellationToken.None));
        Assert.Null(await verifier.VerifyAsync("t1", ["somebody-else"], CancellationToken.None));
    }

    [Fact]
    public void Of_a_token_that_is_there_twice_the_last_counts_and_an_empty_one_is_none()
    {
        var tokens = StaticTokenFile.Parse("t,jane,1\n,nobody,2\nt,joe,3");
        Assert.Equal("joe", Assert.Single(tokens).User);
    }

    [Theory]
    [InlineData("t,jane", "token file must have at least 3 columns (token, user name, user uid), found 2 in line 1")]
    [InlineData("t,jane,1,\"a", "token file has an open quotation in line 1")]
    public void A_line_of_another_form_is_an_error(string text, string message) => Assert.Equal(message, Assert.Throws<FormatException>(() => StaticTokenFile.Parse(text)).Message);
}
