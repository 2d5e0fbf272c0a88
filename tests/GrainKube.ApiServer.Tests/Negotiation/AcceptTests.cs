using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Negotiation;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GrainKube.ApiServer.Tests.Negotiation;

public sealed class AcceptTests
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private const string OldTable = "application/json;as=Table;v=v1beta1;g=meta.k8s.io";
    private static readonly Offer Pods = new(HasRoutes: true, "v1", "Pod");

    [Fact]
    public void A_question_is_not_answered_with_a_table()
    {
        var refused = Assert.Throws<ApiException>(() => Accept.RequireObject(Asking(Table), Pods));

        Assert.Equal(406, refused.Status.Code);
    }

    [Theory]
    [InlineData(Table + ",application/json")]
    [InlineData("application/json")]
    [InlineData("")]
    public void A_question_is_answered_where_plain_JSON_will_do(string accept) => Accept.RequireObject(Asking(accept), Pods);

    [Theory]
    [InlineData(Table, Form.Table)]
    [InlineData(OldTable, Form.Table, MetaVersion.V1Beta1)]
    [InlineData(OldTable + "," + Table, Form.Table, MetaVersion.V1Beta1)]
    [InlineData(OldTable + ";q=0.5," + Table, Form.Table)]
    [InlineData("application/json;as=Table;v=v1beta2;g=meta.k8s.io," + OldTable, Form.Table, MetaVersion.V1Beta1)]
    [InlineData("application/json;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io", Form.PartialMetadataList, MetaVersion.V1Beta1)]
    [InlineData("application/json," + Table, Form.Object)]
    [InlineData("application/vnd.kubernetes.protobuf", Form.Object)]
    [InlineData("application/vnd.kubernetes.protobuf," + Table + ";q=0.9,application/json;q=0.8", Form.Table)]
    internal void The_first_form_that_can_be_given_is_given(string accept, Form form, MetaVersion meta = MetaVersion.V1) =>
        Assert.Equal(new Shape(form, meta), Accept.Negotiate(Asking(accept), Pods));

    private static HttpRequest Asking(string accept) => new DefaultHttpContext { Request = { Headers = { Accept = accept } } }.Request;
}
