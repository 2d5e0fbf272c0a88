using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace GrainKube.ApiServer.Tests.Requests;

public sealed class QueryValuesTests
{
    // client-go gives the container of an exec twice: by hand and with the options.
    [Theory]
    [InlineData("?container=web&container=web", "web")]
    [InlineData("?container=web&container=side", "web")]
    [InlineData("?container=", "")]
    [InlineData("?other=web", "")]
    public void Of_a_parameter_given_several_times_the_first_counts(string query, string expected) =>
        Assert.Equal(expected, new QueryCollection(QueryHelpers.ParseQuery(query)).First("container"));
}
