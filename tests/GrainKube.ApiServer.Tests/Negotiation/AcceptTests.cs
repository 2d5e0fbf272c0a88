using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Negotiation;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GrainKube.ApiServer.Tests.Negotiation;

public sealed class AcceptTests
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Fact]
    public void A_question_is_not_answered_with_a_table()
    {
        var refused = Assert.Throws<ApiException>(() => Accept.RequireObject(Asking(Table), hasBinary: true));

        Assert.Equal(406, refused.Status.Code);
    }

    [Theory]
    [InlineData(Table + ",application/json")]
    [InlineData("application/json")]
    [InlineData("")]
    public void A_question_is_answered_where_plain_JSON_will_do(string accept) => Accept.RequireObject(Asking(accept), hasBinary: true);

    [Theory]
    [InlineData(Table, Shape.Table)]
    [InlineData("application/json," + Table, Shape.Object)]
    [InlineData("application/vnd.kubernetes.protobuf", Shape.Object)]
    [InlineData("application/vnd.kubernetes.protobuf," + Table + ";q=0.9,application/json;q=0.8", Shape.Table)]
    internal void The_first_form_that_can_be_given_is_given(string accept, Shape expected) => Assert.Equal(expected, Accept.Negotiate(Asking(accept), hasRoutes: true, hasBinary: true));

    private static HttpRequest Asking(string accept) => new DefaultHttpContext { Request = { Headers = { Accept = accept } } }.Request;
}
