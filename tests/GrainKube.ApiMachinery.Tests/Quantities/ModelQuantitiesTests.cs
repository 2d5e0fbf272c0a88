using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.ApiMachinery.Tests.Quantities;

public class ModelQuantitiesTests
{
    [Theory]
    [InlineData("20m", "20m")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("1000k", "1M")]
    [InlineData("0", "0")]
    [InlineData("-2", "-2")]
    public void The_amount_of_a_model_is_what_its_text_says(string text, string amount) => Assert.Equal(amount, Of(text).ToQuantity().ToString());

    [Fact]
    public void Equal_texts_are_read_once() => Assert.Same(Of("123Mi"), Of("123Mi"));

    [Fact]
    public void An_amount_that_a_program_made_can_be_read_too() => Assert.Equal("2500m", new ResourceQuantity("2.5").ToQuantity().ToString());

    private static ResourceQuantity Of(string text) =>
        TypedView.Of<V1ResourceRequirements>(new JsonObject { ["limits"] = new JsonObject { ["cpu"] = text } }).Limits["cpu"];
}
